# Cloud Scheduler starts a job of the newest release, at the times of terraform.tfvars (UTC).

locals {
  schedules = { for name, service in var.services : name => service.schedule if service.schedule != null }
}

resource "google_service_account" "scheduler" {
  # At most 30 characters.
  account_id   = "${trimsuffix(substr(local.name, 0, 26), "-")}-cron"
  display_name = "${local.name} schedule"
  description  = "Starts the jobs of ${var.environment} of ${var.application}"
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  for_each = local.schedules

  name     = google_cloud_run_v2_job.job[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "job" {
  for_each = local.schedules

  name             = "${local.name}-${each.key}"
  region           = var.region
  description      = "Starts ${each.key} of ${local.name}."
  schedule         = each.value
  time_zone        = "Etc/UTC"
  attempt_deadline = "320s"

  retry_config {
    retry_count = 2
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.job[each.key].id}:run"

    oauth_token {
      service_account_email = google_service_account.scheduler.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }
}
