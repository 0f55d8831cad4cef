# Services that answer over HTTP.

variable "most_instances" {
  description = "Tasks of one service, at most: a limit to the bill."
  type        = number
  default     = 10
}

resource "aws_ecs_service" "http" {
  for_each = local.http

  name                               = each.key
  cluster                            = aws_ecs_cluster.main.id
  task_definition                    = aws_ecs_task_definition.service[each.key].arn
  launch_type                        = "FARGATE"
  desired_count                      = var.instances[each.key]
  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"

  # A revision that does not become healthy gives way to the last good one.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = aws_subnet.public[*].id
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = true
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.service[each.key].arn
    container_name   = "app"
    container_port   = each.value.port
  }

  # The pipeline brings revisions, the scaling below the count.
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_iam_role_policy.execution, aws_lb_listener.http, aws_lb_listener.https, aws_lb_listener.further, aws_lb_listener_rule.further]
}

# A service of one task keeps it; one of several grows with its load.
resource "aws_appautoscaling_target" "http" {
  for_each = local.http

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.http[each.key].name}"
  min_capacity       = var.instances[each.key]
  max_capacity       = var.instances[each.key] > 1 ? max(var.most_instances, var.instances[each.key]) : 1
}

resource "aws_appautoscaling_policy" "http" {
  for_each = { for name, service in local.http : name => service if var.instances[name] > 1 }

  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.http[each.key].service_namespace
  scalable_dimension = aws_appautoscaling_target.http[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.http[each.key].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
