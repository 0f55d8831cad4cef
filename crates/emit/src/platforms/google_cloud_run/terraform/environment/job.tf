# Jobs: what runs on a schedule, and the migration of a release.

variable "jobs" {
  description = "Names of the jobs."
  type        = set(string)
}

resource "google_cloud_run_v2_job" "job" {
  for_each = var.jobs

  name                = "${local.name}-${each.key}"
  location            = var.region
  deletion_protection = var.protect

  template {
    template {
      service_account = google_service_account.services.email

      # Until the pipeline has run once.
      containers {
        image = "us-docker.pkg.dev/cloudrun/container/job"
      }
    }
  }

  # The pipeline releases deploy/cloud-run.
  lifecycle {
    ignore_changes = [annotations, client, client_version, labels, launch_stage, template]
  }
}
