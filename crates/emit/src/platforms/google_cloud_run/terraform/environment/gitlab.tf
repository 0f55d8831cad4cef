variable "pipeline_environments" {
  description = "Environments of the code host whose jobs release here."
  type        = set(string)
}

locals {
  pipelines = [for name in var.pipeline_environments : "principalSet://${local.pool}/attribute.environment/${name}"]
}
