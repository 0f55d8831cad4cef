# Secrets without values: `aws secretsmanager put-secret-value` sets each of them, as the design document shows.

variable "secrets" {
  description = "Names of the variables whose values are secret."
  type        = set(string)
}

resource "aws_secretsmanager_secret" "variable" {
  for_each = var.secrets

  name                    = "${var.application}/${var.environment}/${each.key}"
  description             = "${each.key} of ${local.name}"
  recovery_window_in_days = 7
}

locals {
  secret_actions = ["secretsmanager:GetSecretValue"]
  secret_arns    = ["arn:aws:secretsmanager:${var.region}:${local.account}:secret:${var.application}/${var.environment}/*"]
}
