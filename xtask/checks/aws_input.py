"""Inputs of an AWS operation against the service model that AWS publishes in botocore. usage: python aws_input.py SERVICE OPERATION FILE..."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator


def foreign_values(value, shape, place):
    """Yields every string that is not among the values that its shape lists."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from foreign_values(value[name], member, f"{place}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from foreign_values(item, shape.member, f"{place}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{place}: {value!r} is none of {', '.join(shape.enum)}"


def main(service, operation, files):
    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model(operation).input_shape
    found = False
    for file in files:
        with open(file, encoding="utf-8") as text:
            definition = json.load(text)
        report = ParamValidator().validate(definition, shape)
        findings = [report.generate_report()] if report.has_errors() else list(foreign_values(definition, shape, ""))
        for finding in findings:
            found = True
            print(f"{file}: {finding}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
