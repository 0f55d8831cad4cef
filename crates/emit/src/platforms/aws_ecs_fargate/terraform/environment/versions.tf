# One environment: network, services, data. Applied by a person once for each environment, after ../shared:
#
#   export TF_VAR_database_password="$(openssl rand -hex 24)"      where a database is made
#   terraform init
#   terraform workspace select -or-create production
#   terraform apply -var-file=production.tfvars
#
# Then the values of the secrets are stored with the commands of the design document: `terraform output` shows the addresses
# of databases and caches, with PASSWORD in place of the password above. The outputs in capitals become variables of the CI
# host. From then on the pipeline brings new images and task definitions; Terraform leaves those alone.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The state belongs in a bucket with versions, encryption and locking; each workspace has a file of its own in it:
  #
  # backend "s3" {
  #   bucket       = "NAME-OF-THE-BUCKET"
  #   key          = "environment/terraform.tfstate"
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
      environment = var.environment
      managed-by  = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  name    = "${var.application}-${var.environment}"
}
