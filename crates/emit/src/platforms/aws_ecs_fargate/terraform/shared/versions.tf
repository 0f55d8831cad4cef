# What all environments share: registry, trust in the code host and what its build job may do. Applied once for each
# account, before the environments: terraform init && terraform apply. The outputs in capitals become variables of the CI host.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The state belongs in a bucket with versions, encryption and locking. Make the bucket once, then take this in:
  #
  # backend "s3" {
  #   bucket       = "NAME-OF-THE-BUCKET"
  #   key          = "shared/terraform.tfstate"
  #   region       = "REGION-OF-THE-BUCKET"
  #   encrypt      = true
  #   use_lockfile = true
  # }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      application = var.application
      managed-by  = "terraform"
    }
  }
}
