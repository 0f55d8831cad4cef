# Variables of the CI host, by their names.

output "GOOGLE_PROJECT_ID" {
  description = "The project."
  value       = var.project
}
