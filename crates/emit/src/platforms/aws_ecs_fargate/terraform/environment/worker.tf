# Services that answer nobody.

resource "aws_ecs_service" "worker" {
  for_each = { for name, service in var.services : name => service if service.kind == "worker" }

  name                               = each.key
  cluster                            = aws_ecs_cluster.main.id
  task_definition                    = aws_ecs_task_definition.service[each.key].arn
  launch_type                        = "FARGATE"
  desired_count                      = var.instances[each.key]
  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = each.value.single ? 0 : 100
  deployment_maximum_percent         = each.value.single ? 100 : 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"

  # A revision whose tasks do not stay up gives way to the last good one.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = aws_subnet.public[*].id
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = true
  }

  # The pipeline brings revisions.
  lifecycle {
    ignore_changes = [task_definition]
  }

  depends_on = [aws_iam_role_policy.execution]
}
