# The databases: encrypted, backed up, without a public address.

variable "databases" {
  description = "Each database: version as Cloud SQL names it, port, scheme of its address and what follows the address there, names of the variables that hold it, and those that hold a part of it."
  type = map(object({
    version   = string
    port      = number
    scheme    = string
    query     = optional(string, "")
    variables = list(string)
    parts     = optional(map(string), {})
  }))
}

variable "database_plans" {
  description = "What this environment pays for."
  type = map(object({
    tier        = string
    regional    = bool
    storage_gb  = number
    backup_days = number
  }))
}

variable "database_password" {
  description = "Needed when a database is made, and together with a higher database_password_version to change it: export TF_VAR_database_password=\"$(openssl rand -hex 24)\""
  type        = string
  sensitive   = true
  default     = null
}

variable "database_password_version" {
  description = "Raise it to set another password."
  type        = number
  default     = 1
}

resource "google_sql_database_instance" "main" {
  for_each = var.databases

  name                = "${local.name}-${each.key}"
  region              = var.region
  database_version    = each.value.version
  deletion_protection = var.protect

  settings {
    edition                     = "ENTERPRISE"
    tier                        = var.database_plans[each.key].tier
    availability_type           = var.database_plans[each.key].regional ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.database_plans[each.key].storage_gb
    disk_autoresize             = true
    disk_autoresize_limit       = var.database_plans[each.key].storage_gb * 5
    deletion_protection_enabled = var.protect

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.main.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    # Any moment of these days can be restored, into a new instance.
    backup_configuration {
      enabled                        = var.database_plans[each.key].backup_days > 0
      start_time                     = "02:00"
      point_in_time_recovery_enabled = startswith(each.value.version, "POSTGRES") && var.database_plans[each.key].backup_days > 0
      binary_log_enabled             = startswith(each.value.version, "MYSQL") && var.database_plans[each.key].backup_days > 0
      transaction_log_retention_days = min(max(var.database_plans[each.key].backup_days, 1), 7)

      backup_retention_settings {
        retained_backups = max(var.database_plans[each.key].backup_days, 1)
      }
    }

    maintenance_window {
      day  = 7
      hour = 3
    }

    dynamic "database_flags" {
      for_each = startswith(each.value.version, "POSTGRES") ? ["log_connections", "log_disconnections", "log_lock_waits"] : []

      content {
        name  = database_flags.value
        value = "on"
      }
    }
  }

  lifecycle {
    # The disk grows by itself.
    ignore_changes = [settings[0].disk_size]
  }

  depends_on = [google_service_networking_connection.data]
}

resource "google_sql_database" "app" {
  for_each = var.databases

  name     = "app"
  instance = google_sql_database_instance.main[each.key].name
}

resource "google_sql_user" "app" {
  for_each = var.databases

  name     = "app"
  instance = google_sql_database_instance.main[each.key].name

  # Written, never read: the password is not in the state.
  password_wo         = var.database_password
  password_wo_version = var.database_password_version
}

# What stands where the password belongs, which no output may hold.
locals {
  stand_in = "PASSWORD"
}

output "database_addresses" {
  description = "Values of the variables that hold the databases' addresses or a part of them, with the word PASSWORD in place of the password."
  value = merge(concat(
    [
      for name, database in var.databases : {
        for variable in database.variables : variable => "${database.scheme}://app:PASSWORD@${google_sql_database_instance.main[name].private_ip_address}:${database.port}/app${database.query}"
      }
    ],
    [
      for name, database in var.databases : {
        for variable, part in database.parts : variable => {
          host     = google_sql_database_instance.main[name].private_ip_address
          port     = tostring(database.port)
          user     = "app"
          password = local.stand_in
          name     = "app"
          jdbc     = "jdbc:${database.scheme}://${google_sql_database_instance.main[name].private_ip_address}:${database.port}/app"
          keywords = "${database.scheme == "mysql" ? "Server" : "Host"}=${google_sql_database_instance.main[name].private_ip_address};Port=${database.port};Database=app;${database.scheme == "mysql" ? "User ID" : "Username"}=app;Password=PASSWORD"
        }[part]
      }
    ],
  )...)
}
