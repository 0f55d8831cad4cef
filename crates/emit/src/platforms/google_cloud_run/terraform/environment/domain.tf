# The domain, with a certificate that Google renews. Whoever applies this has proven to Google that the domain is theirs
# (`gcloud domains verify`). Not every region maps domains; elsewhere a load balancer takes this place.

variable "main_service" {
  description = "The service that people meet at the domain itself; any other is at `<service>.<domain>`."
  type        = string
}

variable "domain" {
  description = "Domain name; empty: the addresses that Cloud Run gives."
  type        = string
  default     = ""
}

resource "google_cloud_run_domain_mapping" "service" {
  for_each = var.domain == "" ? {} : google_cloud_run_v2_service.http

  name     = each.key == var.main_service ? var.domain : "${each.key}.${var.domain}"
  location = var.region

  metadata {
    namespace = var.project
  }

  spec {
    route_name = each.value.name
  }
}

output "records" {
  description = "Records to make where the domain is kept."
  value       = { for name, mapping in google_cloud_run_domain_mapping.service : name => mapping.status[0].resource_records }
}
