# The cache. It speaks TLS only and, like every serverless cache, the cluster protocol.

variable "cache" {
  description = "Engine of ElastiCache, major version, memory at most, names of the variables that hold the address."
  type = object({
    engine    = string
    version   = string
    memory_gb = number
    variables = list(string)
  })
}

resource "aws_security_group" "cache" {
  name_prefix = "${local.name}-cache-"
  description = "Cache of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-cache" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "cache" {
  security_group_id            = aws_security_group.cache.id
  description                  = "Tasks of ${local.name}"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.tasks.id
}

resource "aws_elasticache_serverless_cache" "main" {
  name                 = local.name
  engine               = var.cache.engine
  major_engine_version = var.cache.version
  subnet_ids           = aws_subnet.data[*].id
  security_group_ids   = [aws_security_group.cache.id]

  cache_usage_limits {
    data_storage {
      maximum = var.cache.memory_gb
      unit    = "GB"
    }
  }
}

output "cache_addresses" {
  description = "Values of the variables that hold the cache's address."
  value = {
    for variable in var.cache.variables : variable => "rediss://${aws_elasticache_serverless_cache.main.endpoint[0].address}:${aws_elasticache_serverless_cache.main.endpoint[0].port}"
  }
}
