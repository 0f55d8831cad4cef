variable "workspace" {
  description = "Name of the workspace on Bitbucket."
  type        = string
}

variable "workspace_uuid" {
  description = "Its UUID without braces: Repository settings, OpenID Connect, at the end of the audience."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f-]{36}$", var.workspace_uuid))
    error_message = "A UUID in lower case, without braces."
  }
}

variable "repository_uuid" {
  description = "UUID of the repository without braces, on the same page."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f-]{36}$", var.repository_uuid))
    error_message = "A UUID in lower case, without braces."
  }
}

locals {
  issuer    = "https://api.bitbucket.org/2.0/workspaces/${var.workspace}/pipelines-config/identity/oidc"
  audiences = ["ari:cloud:bitbucket::workspace/${var.workspace_uuid}"]
  condition = "assertion.repositoryUuid == \"{${var.repository_uuid}}\""
  mapping = {
    "google.subject"        = "assertion.sub"
    "attribute.repository"  = "assertion.repositoryUuid"
    "attribute.environment" = "has(assertion.deploymentEnvironmentUuid) ? assertion.deploymentEnvironmentUuid : has(assertion.deploymentEnvironment) ? assertion.deploymentEnvironment : \"none\""
  }
  build_attribute = "attribute.repository/{${var.repository_uuid}}"
}
