# What the pipeline's jobs of this environment may do: release its services, worker pools and jobs, let them run as their
# account, and look at what runs.

data "google_project" "this" {
  project_id = var.project
}

locals {
  pool = "iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.application}"
}

resource "google_service_account_iam_binding" "pipeline" {
  service_account_id = google_service_account.services.name
  role               = "roles/iam.serviceAccountUser"
  members            = local.pipelines
}

resource "google_artifact_registry_repository_iam_member" "pipeline" {
  for_each = toset(local.pipelines)

  location   = var.region
  repository = var.application
  role       = "roles/artifactregistry.writer"
  member     = each.key
}

resource "google_project_iam_member" "pipeline" {
  for_each = toset(local.pipelines)

  project = var.project
  role    = "roles/run.viewer"
  member  = each.key
}
