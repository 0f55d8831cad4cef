# Services that answer nobody.

resource "google_cloud_run_v2_worker_pool" "worker" {
  for_each = { for name, service in var.services : name => service if service.kind == "worker" }

  name                = "${local.name}-${each.key}"
  location            = var.region
  deletion_protection = var.protect

  scaling {
    manual_instance_count = 0
  }

  template {
    service_account = google_service_account.services.email

    # Until the pipeline has run once.
    containers {
      image = "us-docker.pkg.dev/cloudrun/container/hello"
    }
  }

  # The pipeline releases deploy/cloud-run.
  lifecycle {
    ignore_changes = [annotations, client, client_version, instance_splits, labels, launch_stage, scaling, template]
  }
}
