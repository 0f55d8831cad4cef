# Secrets without values: `gcloud secrets versions add` sets each of them, as the design document shows, before the first
# release.

resource "google_secret_manager_secret" "variable" {
  for_each = var.secrets

  secret_id = "${local.name}-${each.key}"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}
