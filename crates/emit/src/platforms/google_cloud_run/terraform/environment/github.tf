variable "repository" {
  description = "owner/name on GitHub, as in ../shared."
  type        = string
}

variable "pipeline_environments" {
  description = "Environments of the code host whose jobs release here."
  type        = set(string)
}

locals {
  pipelines = [for name in var.pipeline_environments : "principal://${local.pool}/subject/repo:${var.repository}:environment:${name}"]
}
