# Variables of the CI host, by their names, that all environments share.

data "aws_caller_identity" "current" {}

output "AWS_ACCOUNT_ID" {
  description = "The account, part of the registry's address."
  value       = data.aws_caller_identity.current.account_id
}

output "AWS_REGION" {
  description = "Region of registry and clusters."
  value       = var.region
}
