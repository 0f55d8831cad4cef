"""A Terraform provider that knows a schema and nothing of the world: Terraform itself checks and plans against it."""

import json
import os
import tempfile
from concurrent import futures
from contextlib import contextmanager

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as wire
from tf.gen import tfplugin_pb2_grpc as service

UNKNOWN = msgpack.ExtType(0, b"\0")
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
# What a data source has read, by the type of the attribute.
READ = {"string": "read", "number": 1, "bool": True}


def wire_block(block):
    attributes = []
    for name, known in sorted(block["attributes"].items()):
        flags = {key: known[key] for key in ("required", "optional", "computed")}
        attributes.append(wire.Schema.Attribute(name=name, type=json.dumps(known["type"]).encode(), **flags))
    blocks = [
        wire.Schema.NestedBlock(
            type_name=name,
            nesting=NESTING[known["nesting"]],
            min_items=known["least"],
            max_items=known["most"],
            block=wire_block(known["block"]),
        )
        for name, known in sorted(block["blocks"].items())
    ]
    return wire.Schema.Block(attributes=attributes, block_types=blocks)


def unpack(value):
    return msgpack.unpackb(value.msgpack, raw=False, strict_map_key=False) if value.msgpack else None


def pack(value):
    return wire.DynamicValue(msgpack=msgpack.packb(value))


def filled(value, block, fill):
    """The value with what the configuration leaves open filled in."""
    if value is None:
        return None
    for name, known in block["attributes"].items():
        if known["computed"] and value.get(name) is None:
            value[name] = fill(known["type"])
    for name, known in block["blocks"].items():
        inner = value.get(name)
        if isinstance(inner, list) and inner and isinstance(inner[0], bytes):
            # Blocks of no single type come with their type, to which nothing can be added.
            continue
        if isinstance(inner, list):
            value[name] = [filled(item, known["block"], fill) for item in inner]
        elif isinstance(inner, dict) and known["nesting"] == "single":
            value[name] = filled(inner, known["block"], fill)
        elif isinstance(inner, dict):
            value[name] = {key: filled(item, known["block"], fill) for key, item in inner.items()}
    return value


def read(kind):
    if isinstance(kind, list):
        item = READ.get(kind[1]) if isinstance(kind[1], str) else None
        return {} if kind[0] == "map" else [f"{item}-a", f"{item}-b"] if item == "read" else []
    return READ.get(kind)


class Provider(service.ProviderServicer):
    def __init__(self, schema):
        self.schema = schema

    def GetMetadata(self, request, context):
        return wire.GetMetadata.Response(
            server_capabilities=wire.ServerCapabilities(get_provider_schema_optional=False),
            resources=[wire.GetMetadata.ResourceMetadata(type_name=name) for name in self.schema["resource"]],
            data_sources=[wire.GetMetadata.DataSourceMetadata(type_name=name) for name in self.schema["data"]],
        )

    def GetProviderSchema(self, request, context):
        def schema(block):
            return wire.Schema(block=wire_block(block))

        return wire.GetProviderSchema.Response(
            provider=schema(self.schema["provider"]),
            resource_schemas={name: schema(block) for name, block in self.schema["resource"].items()},
            data_source_schemas={name: schema(block) for name, block in self.schema["data"].items()},
        )

    def GetFunctions(self, request, context):
        return wire.GetFunctions.Response()

    def ValidateProviderConfig(self, request, context):
        return wire.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request, context):
        return wire.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request, context):
        return wire.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request, context):
        return wire.ConfigureProvider.Response()

    def ReadDataSource(self, request, context):
        block = self.schema["data"][request.type_name]
        return wire.ReadDataSource.Response(state=pack(filled(unpack(request.config), block, read)))

    def PlanResourceChange(self, request, context):
        block = self.schema["resource"][request.type_name]
        planned = filled(unpack(request.proposed_new_state), block, lambda _: UNKNOWN)
        return wire.PlanResourceChange.Response(planned_state=pack(planned))

    def StopProvider(self, request, context):
        return wire.StopProvider.Response()


@contextmanager
def serving(schemas):
    """Serves each schema as the provider of that name; gives the environment in which Terraform finds them."""
    unbounded = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    servers, reattach = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for name, schema in schemas.items():
            server = grpc.server(futures.ThreadPoolExecutor(8), options=unbounded)
            service.add_ProviderServicer_to_server(Provider(schema), server)
            socket = os.path.join(folder, f"{name}.sock")
            server.add_insecure_port(f"unix:{socket}")
            server.start()
            servers.append(server)
            reattach[f"registry.terraform.io/hashicorp/{name}"] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": socket},
            }
        environment = {name: value for name, value in os.environ.items() if name != "TF_CLI_CONFIG_FILE"}
        try:
            yield {**environment, "TF_REATTACH_PROVIDERS": json.dumps(reattach), "CHECKPOINT_DISABLE": "1"}
        finally:
            for server in servers:
                server.stop(0)
