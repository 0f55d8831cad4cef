# Variables of the CI host for this environment, by their names.

output "SUBNET_IDS" {
  description = "Subnets of one-off tasks."
  value       = join(",", aws_subnet.public[*].id)
}

output "SECURITY_GROUP_ID" {
  description = "Security group of one-off tasks, which reaches the database."
  value       = aws_security_group.tasks.id
}
