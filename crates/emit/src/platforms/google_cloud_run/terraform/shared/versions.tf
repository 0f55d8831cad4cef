# What all environments share: registry, trust in the code host and what its build job may do. Applied once for each
# project, before the environments: terraform init && terraform apply. The outputs in capitals become variables of the CI host.

terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.0, < 9.0"
    }
  }

  # The state belongs in a bucket with versions. Make the bucket once, then take this in:
  #
  # backend "gcs" {
  #   bucket = "NAME-OF-THE-BUCKET"
  #   prefix = "shared"
  # }
}

provider "google" {
  project = var.project
  region  = var.region

  default_labels = {
    application = var.application
    managed-by  = "terraform"
  }
}
