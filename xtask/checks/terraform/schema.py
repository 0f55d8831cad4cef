"""The schema of a Terraform provider, out of the package that cdktn generates from it.

cdktn writes one JavaScript file for each resource: functions that name every argument with its type and whether it is a
block, classes that say in a comment which are computed, optional or required. Both together are the provider's schema."""

import importlib.util
import re
import tarfile
from pathlib import Path

CHUNK = re.compile(r"^(?=(?:function|class) \w)", re.M)
FUNCTION = re.compile(r"function (\w+)ToHclTerraform\(")
CLASS = re.compile(r"class (\w+) extends (?:\w+\.)*(\w+)")
ARGUMENT = re.compile(
    r'^\s+"?([a-z]\w*)"?: \{\s+value: (.*?),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)"', re.M | re.S
)
USE = re.compile(r"// ([a-z]\w*) - computed: (true|false), optional: (true|false), required: (true|false)")
READ = re.compile(r"get(StringMap|BooleanMap|NumberMap|String|Number|Boolean|List|NumberList)Attribute\('(\w+)'\)")
TYPE_NAME = re.compile(r'tfResourceType = "(\w+)"')
SCALARS = {"string": "string", "number": "number", "boolean": "bool"}
READ_TYPES = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}
ANYTHING = "dynamic"


class Package:
    """The generated package of one provider."""

    def __init__(self, name):
        module = f"cdktn_provider_{name}"
        found = importlib.util.find_spec(module)
        if found is None:
            raise SystemExit(f"the Python package `{module}` is not installed")
        archives = sorted(Path(found.submodule_search_locations[0]).glob("_jsii/*.tgz"))
        self.provider = name
        self.archive = tarfile.open(archives[0])

    def schema(self, resources, data):
        """The provider's own block, and the blocks of the named resources and data sources."""
        wanted = {name: ("resource", name) for name in resources} | {f"data.{name}": ("data", name) for name in data}
        found = {"provider": {"attributes": {}, "blocks": {}}, "resource": {}, "data": {}}
        folders = {"provider": ("provider", None)}
        for kind, name in wanted.values():
            short = name.removeprefix(f"{self.provider}_").replace("_", "-")
            folder = f"data-{self.provider}-{short}" if kind == "data" else short
            folders[folder] = (kind, name)
        # One pass: the archive is compressed as a whole.
        for member in self.archive:
            parts = member.name.split("/")
            if len(parts) != 4 or parts[3] != "index.js" or parts[2] not in folders:
                continue
            kind, name = folders[parts[2]]
            text = self.archive.extractfile(member).read().decode()
            if kind == "provider":
                found["provider"] = Source(text).root("TerraformProvider")
            else:
                base = {"resource": "TerraformResource", "data": "TerraformDataSource"}[kind]
                found[kind][name] = Source(text).root(base, name)
        return found


class Source:
    """One generated file."""

    def __init__(self, text):
        self.arguments, self.classes = {}, {}
        for chunk in CHUNK.split(re.sub(r"//# sourceMappingURL.*", "", text)):
            if function := FUNCTION.match(chunk):
                self.arguments[function[1]] = ARGUMENT.findall(chunk)
            elif of_class := CLASS.match(chunk):
                self.classes[of_class[1]] = (of_class[2], chunk)

    def root(self, base, type_name=None):
        for parent, chunk in self.classes.values():
            named = TYPE_NAME.search(chunk)
            if parent == base and (type_name is None or (named and named[1] == type_name)):
                return self.block(ARGUMENT.findall(chunk), chunk, set(), False)
        raise SystemExit(f"`{type_name or base}` is not in its generated file")

    def block(self, arguments, chunk, above, in_set):
        uses = {name: tuple(flag == "true" for flag in flags) for name, *flags in USE.findall(chunk)}
        reads = {name: READ_TYPES[kind] for kind, name in READ.findall(chunk)}
        block = {"attributes": {}, "blocks": {}}
        for name, value, is_block, kind, storage in arguments:
            computed, optional, required = uses.get(name, (False, True, False))
            inner = re.search(r"(\w+)ToHclTerraform", value)
            if is_block == "true" and inner and inner[1] in self.arguments:
                block["blocks"][name] = self.nested(inner[1], value, kind, required, above, in_set)
            else:
                block["attributes"][name] = attribute(argument_type(kind, storage), computed, optional, required)
        for name, (computed, optional, required) in uses.items():
            if computed and not (optional or required) and name not in block["attributes"] and name not in block["blocks"]:
                block["attributes"][name] = attribute(reads.get(name, ANYTHING), True, False, False)
        if in_set:
            # Terraform refuses values of any type below a set.
            for known in block["attributes"].values():
                known["type"] = "string" if known["type"] == ANYTHING else known["type"]
        return block

    def nested(self, function, value, kind, required, above, in_set):
        several = "Mapper" in value
        nesting = {"struct": "single", "set": "set", "map": "map"}.get(kind, "list")
        name = function[0].upper() + function[1:]
        _, chunk = self.classes.get(f"{name}OutputReference", ("", ""))
        recursive = function in above
        inner = (
            {"attributes": {}, "blocks": {}}
            if recursive
            else self.block(self.arguments[function], chunk, above | {function}, in_set or nesting == "set")
        )
        one = nesting == "single"
        return {"nesting": nesting, "least": int(required and not one), "most": 0 if several or one else 1, "block": inner}


def attribute(kind, computed, optional, required):
    return {"type": kind, "computed": computed, "optional": optional, "required": required}


def argument_type(kind, storage):
    if kind == "simple":
        return SCALARS.get(storage, ANYTHING)
    of = re.fullmatch(r"(string|number|boolean)(?:List|Map)", storage)
    return [kind, SCALARS[of[1]]] if of and kind in ("list", "set", "map") else ANYTHING
