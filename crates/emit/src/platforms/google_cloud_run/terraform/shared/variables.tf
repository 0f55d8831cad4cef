# Values stand in terraform.tfvars.

variable "project" {
  description = "Id of the project that holds all environments."
  type        = string
}

variable "application" {
  description = "Name of the application, part of every name."
  type        = string
}

variable "region" {
  description = "Region of registry and services."
  type        = string
}

variable "apis" {
  description = "What the project uses of Google Cloud."
  type        = set(string)
}
