variable "repository" {
  description = "owner/name on GitHub. A repository made, renamed or moved since 2026-07-15 has ids in its tokens: owner@OWNER_ID/name@REPOSITORY_ID."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z._@-]+/[0-9A-Za-z._@-]+$", var.repository))
    error_message = "The repository is owner/name, without wildcards."
  }
}

locals {
  issuer         = "https://token.actions.githubusercontent.com"
  audience       = "sts.amazonaws.com"
  deploy_subject = "repo:${var.repository}:environment:${var.environment}"
}
