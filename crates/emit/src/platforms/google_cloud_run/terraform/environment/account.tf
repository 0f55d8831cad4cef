# The account that services, worker pools and jobs run as. It reads the secrets of this environment; what else the
# application may do in this project (buckets, queues) is added here.

resource "google_service_account" "services" {
  # At most 30 characters.
  account_id   = trimsuffix(substr(local.name, 0, 30), "-")
  display_name = local.name
  description  = "What runs in ${var.environment} of ${var.application}"
}

resource "google_secret_manager_secret_iam_member" "services" {
  for_each = google_secret_manager_secret.variable

  secret_id = each.value.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.services.member
}
