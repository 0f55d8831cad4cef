variable "repository" {
  description = "owner/name on GitHub. A repository made, renamed or moved since 2026-07-15 has ids in its tokens: owner@OWNER_ID/name@REPOSITORY_ID."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z._@-]+/[0-9A-Za-z._@-]+$", var.repository))
    error_message = "The repository is owner/name, without wildcards."
  }
}

variable "branch" {
  description = "The branch that deploys."
  type        = string

  validation {
    condition     = can(regex("^[^\"\\\\]+$", var.branch))
    error_message = "The name of a branch."
  }
}

locals {
  issuer    = "https://token.actions.githubusercontent.com"
  audiences = null
  condition = "assertion.sub.startsWith(\"repo:${var.repository}:\")"
  mapping = {
    "google.subject" = "assertion.sub"
    "attribute.ref"  = "assertion.ref"
  }
  build_attribute = "attribute.ref/refs/heads/${var.branch}"
}
