resource "aws_ecs_cluster" "main" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_cloudwatch_log_group" "services" {
  name              = "/ecs/${local.name}"
  retention_in_days = var.log_days
}

# The files that the pipeline registers from are read here too, for the first revision. Until the pipeline has run once,
# its image is not in the registry and no task starts.
locals {
  definitions = {
    for name, service in var.services : name => jsondecode(replace(replace(
      file("${path.module}/../../../deploy/ecs/${var.environment}/${name}.json"),
      "\"IMAGE_URI\"", "\"${local.account}.dkr.ecr.${var.region}.amazonaws.com/${var.application}/${name}:none\""),
    ":ACCOUNT_ID:", ":${local.account}:"))
  }
}

resource "aws_ecs_task_definition" "service" {
  for_each = var.services

  family                   = "${local.name}-${each.key}"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = local.definitions[each.key].cpu
  memory                   = local.definitions[each.key].memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.definitions[each.key].containerDefinitions)

  runtime_platform {
    cpu_architecture        = local.definitions[each.key].runtimePlatform.cpuArchitecture
    operating_system_family = local.definitions[each.key].runtimePlatform.operatingSystemFamily
  }

  # Further revisions are the pipeline's.
  lifecycle {
    ignore_changes = all
  }
}
