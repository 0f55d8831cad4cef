variable "environment_uuid" {
  description = "UUID of the deployment environment without braces: Repository settings, OpenID Connect."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f-]{36}$", var.environment_uuid))
    error_message = "A UUID in lower case, without braces."
  }
}

locals {
  pipelines = ["principalSet://${local.pool}/attribute.environment/{${var.environment_uuid}}"]
}
