# One environment: services, account, secrets, data. Applied by a person once for each environment, after ../shared:
#
#   export TF_VAR_database_password="$(openssl rand -hex 24)"      where a database is made
#   terraform init
#   terraform workspace select -or-create production
#   terraform apply -var-file=production.tfvars
#
# Then the values of the secrets are stored with the commands of the design document: `terraform output` shows the addresses
# of databases and caches, with PASSWORD in place of the password above.
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
