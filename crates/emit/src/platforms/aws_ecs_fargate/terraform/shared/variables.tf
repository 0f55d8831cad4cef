# Values stand in terraform.tfvars.

variable "application" {
  description = "Name of the application, part of every name."
  type        = string
}

variable "region" {
  description = "Region of registry and clusters."
  type        = string
}

variable "images" {
  description = "Services, each of which has an image of its own."
  type        = set(string)
}
