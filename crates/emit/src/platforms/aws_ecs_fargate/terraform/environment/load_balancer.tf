# One load balancer for the services that answer over HTTP. The first of them has the ports 80 and 443. The others have
# `<service>.<domain>`; without a domain a port of their own.

variable "main_service" {
  description = "The service that people meet at the address itself."
  type        = string
}

variable "further_services" {
  description = "The other services that answer over HTTP, each with its port while there is no domain."
  type        = map(number)
  default     = {}
}

variable "domain" {
  description = "Domain name, for HTTPS; empty: plain HTTP at the load balancer's own address."
  type        = string
  default     = ""
}

variable "zone_id" {
  description = "Hosted zone of the domain in Route 53; empty: a person makes the records where the domain is kept."
  type        = string
  default     = ""
}

variable "health_check" {
  description = "How the load balancer asks: seconds between questions, seconds for an answer, failures in a row that count."
  type = object({
    interval = number
    timeout  = number
    failures = number
  })
}

locals {
  http  = { for name, service in var.services : name => service if service.port != null }
  https = var.domain != ""
  hosts = local.https ? merge({ (var.main_service) = var.domain }, { for name, port in var.further_services : name => "${name}.${var.domain}" }) : {}
  open  = toset(local.https ? [80, 443] : concat([80], values(var.further_services)))
}

resource "aws_security_group" "load_balancer" {
  name_prefix = "${local.name}-lb-"
  description = "Load balancer of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-load-balancer" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "people" {
  for_each = { for port in local.open : tostring(port) => port }

  security_group_id = aws_security_group.load_balancer.id
  description       = "People on port ${each.key}"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "to_tasks" {
  for_each = local.http

  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks of ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.tasks.id
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  for_each = local.http

  security_group_id            = aws_security_group.tasks.id
  description                  = "Requests and health checks of ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.load_balancer.id
}

resource "aws_lb" "main" {
  # At most 32 characters.
  name                       = trimsuffix(substr(local.name, 0, 32), "-")
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.load_balancer.id]
  subnets                    = aws_subnet.public[*].id
  drop_invalid_header_fields = true
  enable_deletion_protection = var.protect
}

resource "aws_lb_target_group" "service" {
  for_each = local.http

  # At most 6 characters; AWS adds the rest, since a group that serves cannot be replaced under its own name.
  name_prefix          = "${trimsuffix(substr(each.key, 0, 5), "-")}-"
  vpc_id               = aws_vpc.main.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = each.value.port
  deregistration_delay = 30

  health_check {
    path                = coalesce(each.value.health, "/")
    matcher             = each.value.health == null ? "200-399" : "200"
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    unhealthy_threshold = var.health_check.failures
    healthy_threshold   = 2
  }

  tags = { Name = "${local.name}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = local.https ? "redirect" : "forward"
    target_group_arn = local.https ? null : aws_lb_target_group.service[var.main_service].arn

    dynamic "redirect" {
      for_each = local.https ? [443] : []

      content {
        protocol    = "HTTPS"
        port        = tostring(redirect.value)
        status_code = "HTTP_301"
      }
    }
  }
}

resource "aws_lb_listener" "further" {
  for_each = local.https ? {} : var.further_services

  load_balancer_arn = aws_lb.main.arn
  port              = each.value
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[each.key].arn
  }
}

resource "aws_acm_certificate" "main" {
  count = local.https ? 1 : 0

  domain_name               = var.domain
  subject_alternative_names = [for name, host in local.hosts : host if name != var.main_service]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "proof" {
  for_each = local.https && var.zone_id != "" ? local.hosts : {}

  zone_id         = var.zone_id
  name            = one([for proof in aws_acm_certificate.main[0].domain_validation_options : proof.resource_record_name if proof.domain_name == each.value])
  type            = one([for proof in aws_acm_certificate.main[0].domain_validation_options : proof.resource_record_type if proof.domain_name == each.value])
  records         = [one([for proof in aws_acm_certificate.main[0].domain_validation_options : proof.resource_record_value if proof.domain_name == each.value])]
  ttl             = 300
  allow_overwrite = true
}

# Waits until the certificate is issued. Where the domain is kept elsewhere, the records to make there are shown by
# `aws acm describe-certificate` while this waits.
resource "aws_acm_certificate_validation" "main" {
  count = local.https ? 1 : 0

  certificate_arn         = aws_acm_certificate.main[0].arn
  validation_record_fqdns = var.zone_id == "" ? null : [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_lb_listener" "https" {
  count = local.https ? 1 : 0

  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.main[0].certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[var.main_service].arn
  }
}

resource "aws_lb_listener_rule" "further" {
  for_each = local.https ? var.further_services : {}

  listener_arn = aws_lb_listener.https[0].arn

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[each.key].arn
  }

  condition {
    host_header {
      values = [local.hosts[each.key]]
    }
  }
}

resource "aws_route53_record" "service" {
  for_each = local.https && var.zone_id != "" ? local.hosts : {}

  zone_id = var.zone_id
  name    = each.value
  type    = "A"

  alias {
    name                   = aws_lb.main.dns_name
    zone_id                = aws_lb.main.zone_id
    evaluate_target_health = true
  }
}

output "addresses" {
  description = "Where each service answers."
  value = {
    for name in keys(local.http) : name => local.https ? "https://${local.hosts[name]}" : "http://${aws_lb.main.dns_name}${name == var.main_service ? "" : ":${var.further_services[name]}"}"
  }
}

output "load_balancer" {
  description = "What a domain that is kept elsewhere points to."
  value       = aws_lb.main.dns_name
}
