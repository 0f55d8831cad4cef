"""Container Apps and jobs against the models that Microsoft publishes in azure-mgmt-appcontainers. usage: python container_apps.py FILE..."""

import enum
import sys
import typing
from collections.abc import MutableMapping

import yaml
from azure.mgmt.appcontainers import models

KINDS = {"Microsoft.App/containerApps": models.ContainerApp, "Microsoft.App/jobs": models.Job}


def findings(value, kind, place):
    """Yields every key that the model does not have and every value of another type than it says."""
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    if typing.get_origin(kind) is typing.Union:
        enums = [option for option in options if isinstance(option, type) and issubclass(option, enum.Enum)]
        if enums:
            known = [member.value for option in enums for member in option]
            if value not in known:
                yield f"{place}: {value!r} is none of {', '.join(known)}"
        elif len(options) == 1:
            yield from findings(value, options[0], place)
    elif typing.get_origin(kind) is list:
        if not isinstance(value, list):
            yield f"{place}: {value!r} is no list"
            return
        for index, item in enumerate(value):
            yield from findings(item, options[0], f"{place}[{index}]")
    elif typing.get_origin(kind) is dict:
        if not isinstance(value, dict):
            yield f"{place}: {value!r} is no mapping"
    elif isinstance(kind, type) and issubclass(kind, MutableMapping):
        yield from structure_findings(value, kind, place)
    elif kind is float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            yield f"{place}: {value!r} is no number"
    elif kind in (str, int, bool) and type(value) is not kind:
        yield f"{place}: {value!r} is not of type {kind.__name__}"


def structure_findings(value, kind, place):
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is no mapping"
        return
    kind({})  # fills the table of fields
    names = {field._rest_name: attribute for attribute, field in kind._attr_to_rest_field.items()}
    hints = typing.get_type_hints(kind, {"_models": models})
    for key, item in value.items():
        if key not in names:
            yield f"{place}: {kind.__name__} has no `{key}`"
        else:
            yield from findings(item, hints[names[key]], f"{place}.{key}")


def main(files):
    found = False
    for file in files:
        with open(file, encoding="utf-8") as text:
            definition = yaml.safe_load(text)
        kind = KINDS.get(definition.get("type"))
        report = findings(definition, kind, "") if kind else [f"unknown type {definition.get('type')!r}"]
        for finding in report:
            found = True
            print(f"{file}: {finding}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
