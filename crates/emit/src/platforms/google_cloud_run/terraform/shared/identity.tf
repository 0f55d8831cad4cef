# The pipeline signs in with the token that its host makes for each job. No key of this project is stored anywhere.
# The build job may push images and nothing else; the jobs of each environment get their rights there.

resource "google_iam_workload_identity_pool" "code_host" {
  workload_identity_pool_id = var.application
  display_name              = var.application
  description               = "The pipeline of ${var.application}"

  depends_on = [google_project_service.api]
}

resource "google_iam_workload_identity_pool_provider" "code_host" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.code_host.workload_identity_pool_id
  workload_identity_pool_provider_id = "code-host"
  attribute_condition                = local.condition
  attribute_mapping                  = local.mapping

  oidc {
    issuer_uri        = local.issuer
    allowed_audiences = local.audiences
  }
}

resource "google_artifact_registry_repository_iam_member" "build" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.code_host.name}/${local.build_attribute}"
}

output "GOOGLE_WORKLOAD_IDENTITY_PROVIDER" {
  description = "What the pipeline signs in through."
  value       = google_iam_workload_identity_pool_provider.code_host.name
}
