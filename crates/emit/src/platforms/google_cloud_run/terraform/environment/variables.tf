# Values that all environments share stand in terraform.tfvars, those of one environment in its own file.

variable "project" {
  description = "Id of the project that holds all environments."
  type        = string
}

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
  description = "What runs, by name: its kind (http, worker, cron) and when it starts (UTC). Image, command, size, variables and secrets of each stand in deploy/cloud-run."
  type = map(object({
    kind     = string
    schedule = optional(string)
  }))
}

variable "secrets" {
  description = "Names of the variables whose values are secret."
  type        = set(string)
}

variable "protect" {
  description = "Whether services and database refuse to be deleted."
  type        = bool
  default     = true
}
