variable "repository" {
  description = "group/project on GitLab."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z._-]+(/[0-9A-Za-z._-]+)+$", var.repository))
    error_message = "The repository is group/project, without wildcards."
  }
}

variable "branch" {
  description = "The branch that deploys. Protect it: whoever pushes to it can sign in."
  type        = string

  validation {
    condition     = can(regex("^[^\"\\\\]+$", var.branch))
    error_message = "The name of a branch."
  }
}

variable "gitlab_url" {
  description = "Address of GitLab, without a slash at the end."
  type        = string
  default     = "https://gitlab.com"
}

locals {
  issuer    = var.gitlab_url
  audiences = ["https://gitlab.com"]
  condition = "assertion.project_path == \"${var.repository}\" && assertion.ref_type == \"branch\" && assertion.ref == \"${var.branch}\""
  mapping = {
    "google.subject"        = "assertion.sub"
    "attribute.ref"         = "assertion.ref"
    "attribute.environment" = "has(assertion.environment) ? assertion.environment : \"none\""
  }
  build_attribute = "attribute.ref/${var.branch}"
}
