# Secrets are parameters of the Parameter Store. Their values never pass through Terraform: `aws ssm put-parameter` makes
# each of them, as the design document shows.

locals {
  secret_actions = ["ssm:GetParameters"]
  secret_arns    = ["arn:aws:ssm:${var.region}:${local.account}:parameter/${var.application}/${var.environment}/*"]
}
