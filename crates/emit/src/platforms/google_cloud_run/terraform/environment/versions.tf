# One environment: network, services, data. Applied by a person once for each environment, after ../shared:
#
#   terraform init
#   terraform workspace select -or-create production
#   terraform apply -var-file=production.tfvars
#
# Services, worker pools and jobs are made with a stand-in image; what they run stands in deploy/cloud-run, which the
# pipeline releases. Terraform leaves that alone.

terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.0, < 9.0"
    }
  }

  # The state belongs in a bucket with versions; each workspace has a file of its own in it:
  #
  # backend "gcs" {
  #   bucket = "NAME-OF-THE-BUCKET"
  #   prefix = "environment"
  # }
}

provider "google" {
  project = var.project
  region  = var.region

  default_labels = {
    application = var.application
    environment = var.environment
    managed-by  = "terraform"
  }
}

locals {
  name = "${var.application}-${var.environment}"
}
