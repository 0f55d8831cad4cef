# Services that answer over HTTP. Everybody may call them: signing people in is the application's part.

locals {
  http = { for name, service in var.services : name => service if service.kind == "http" }
}

resource "google_cloud_run_v2_service" "http" {
  for_each = local.http

  name                = "${local.name}-${each.key}"
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  deletion_protection = var.protect

  template {
    service_account = google_service_account.services.email

    # Until the pipeline has run once.
    containers {
      image = "us-docker.pkg.dev/cloudrun/container/hello"
    }
  }

  # The pipeline releases deploy/cloud-run and directs the traffic.
  lifecycle {
    ignore_changes = [annotations, client, client_version, ingress, labels, launch_stage, scaling, template, traffic]
  }
}

resource "google_cloud_run_v2_service_iam_member" "everybody" {
  for_each = google_cloud_run_v2_service.http

  name     = each.value.name
  location = each.value.location
  role     = "roles/run.invoker"
  member   = "allUsers"
}

output "addresses" {
  description = "Where each service answers, besides its domain."
  value       = { for name, service in google_cloud_run_v2_service.http : name => service.uri }
}
