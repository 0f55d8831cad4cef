# The cache. Only what is in the network reaches it, without a password and unencrypted.

variable "cache" {
  description = "Version as Memorystore names it, names of the variables that hold the address."
  type = object({
    version   = string
    variables = list(string)
  })
}

variable "cache_plan" {
  description = "What this environment pays for."
  type = object({
    tier      = string
    memory_gb = number
  })
}

resource "google_redis_instance" "main" {
  name               = local.name
  region             = var.region
  tier               = var.cache_plan.tier
  memory_size_gb     = var.cache_plan.memory_gb
  redis_version      = var.cache.version
  authorized_network = google_compute_network.main.id
  connect_mode       = "PRIVATE_SERVICE_ACCESS"

  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours   = 3
        minutes = 0
        seconds = 0
        nanos   = 0
      }
    }
  }

  depends_on = [google_service_networking_connection.data]
}

output "cache_addresses" {
  description = "Values of the variables that hold the cache's address."
  value       = { for variable in var.cache.variables : variable => "redis://${google_redis_instance.main.host}:${google_redis_instance.main.port}" }
}
