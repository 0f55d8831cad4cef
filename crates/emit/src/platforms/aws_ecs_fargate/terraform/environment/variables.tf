# Values that all environments share stand in terraform.tfvars, those of one environment in its own file.

variable "application" {
  description = "Name of the application, part of every name."
  type        = string
}

variable "region" {
  description = "Region of everything here."
  type        = string
}

variable "environment" {
  description = "Name of the environment, part of every name."
  type        = string

  validation {
    condition     = contains(["default", var.environment], terraform.workspace)
    error_message = "The workspace has the name of another environment."
  }
}

variable "services" {
  description = "What runs, by name: its kind (http, worker, cron), its port, the path by which it is asked, when it starts, whether no second one may run beside it. Command, size, variables and secrets of each stand in deploy/ecs."
  type = map(object({
    kind      = string
    port      = optional(number)
    health    = optional(string)
    schedules = optional(list(string), [])
    single    = optional(bool, false)
  }))
}

variable "cidr" {
  description = "Addresses of the network. Another environment may have the same, unless the two are to be joined."
  type        = string
  default     = "10.0.0.0/16"
}

variable "log_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 30
}

variable "protect" {
  description = "Whether database and load balancer refuse to be deleted."
  type        = bool
  default     = true
}
