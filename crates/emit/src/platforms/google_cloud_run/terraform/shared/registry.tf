# One repository for the images of all services. Tags are commits and never change, so that a rollback finds what it names.

resource "google_artifact_registry_repository" "images" {
  location      = var.region
  repository_id = var.application
  description   = "Images of ${var.application}"
  format        = "DOCKER"

  docker_config {
    immutable_tags = true
  }

  # What is 90 days old goes, but the newest 50 of each service stay, enough to return to.
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      older_than = "7776000s"
    }
  }

  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 50
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.api]
}
