# The databases: encrypted, backed up, reached by tasks of this environment alone.

variable "databases" {
  description = "Each database: engine of RDS, major version, port, scheme of its address and what follows the address there, names of the variables that hold it, and those that hold a part of it."
  type = map(object({
    engine    = string
    version   = optional(string)
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
    class       = string
    multi_az    = bool
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

resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_security_group" "database" {
  name_prefix = "${local.name}-database-"
  description = "Databases of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-database" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each = var.databases

  security_group_id            = aws_security_group.database.id
  description                  = "Tasks of ${local.name}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.tasks.id
}

resource "aws_db_instance" "main" {
  for_each = var.databases

  identifier     = "${local.name}-${each.key}"
  engine         = each.value.engine
  engine_version = each.value.version
  instance_class = var.database_plans[each.key].class
  multi_az       = var.database_plans[each.key].multi_az

  allocated_storage     = var.database_plans[each.key].storage_gb
  max_allocated_storage = var.database_plans[each.key].storage_gb * 5
  storage_type          = "gp3"
  storage_encrypted     = true

  db_name  = "app"
  username = "app"
  port     = each.value.port

  # Written, never read: the password is not in the state.
  password_wo         = var.database_password
  password_wo_version = var.database_password_version

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false

  # Any moment of these days can be restored, into a new instance.
  backup_retention_period   = var.database_plans[each.key].backup_days
  backup_window             = "02:00-03:00"
  maintenance_window        = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = var.protect
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.name}-${each.key}-final"

  auto_minor_version_upgrade = true
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
        for variable in database.variables : variable => "${database.scheme}://app:PASSWORD@${aws_db_instance.main[name].address}:${database.port}/app${database.query}"
      }
    ],
    [
      for name, database in var.databases : {
        for variable, part in database.parts : variable => {
          host     = aws_db_instance.main[name].address
          port     = tostring(database.port)
          user     = "app"
          password = local.stand_in
          name     = "app"
          jdbc     = "jdbc:${database.scheme}://${aws_db_instance.main[name].address}:${database.port}/app"
          keywords = "${database.scheme == "mysql" ? "Server" : "Host"}=${aws_db_instance.main[name].address};Port=${database.port};Database=app;${database.scheme == "mysql" ? "User ID" : "Username"}=app;Password=PASSWORD"
        }[part]
      }
    ],
  )...)
}
