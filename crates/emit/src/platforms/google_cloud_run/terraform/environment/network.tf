# The network through which services reach data that has no public address. Requests do not pass it.

variable "cidr" {
  description = "Addresses of the services. Each instance takes two while it runs and for some minutes after."
  type        = string
  default     = "10.0.0.0/22"
}

resource "google_compute_network" "main" {
  name                    = local.name
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "services" {
  name                     = local.name
  network                  = google_compute_network.main.id
  ip_cidr_range            = var.cidr
  private_ip_google_access = true
}

# Google's own network, where its data services run, joined to this one.
resource "google_compute_global_address" "data" {
  name          = "${local.name}-data"
  network       = google_compute_network.main.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

resource "google_service_networking_connection" "data" {
  network                 = google_compute_network.main.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.data.name]
}
