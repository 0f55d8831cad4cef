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

# The `sub` of a token is {repository}[:{environment}]:{step}, braces included; its branch is not in it.
# https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/
locals {
  issuer        = "https://api.bitbucket.org/2.0/workspaces/${var.workspace}/pipelines-config/identity/oidc"
  audience      = "ari:cloud:bitbucket::workspace/${var.workspace_uuid}"
  build_subject = "{${var.repository_uuid}}:*"
}
