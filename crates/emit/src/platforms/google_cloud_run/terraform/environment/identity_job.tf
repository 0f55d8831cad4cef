resource "google_cloud_run_v2_job_iam_binding" "pipeline" {
  for_each = google_cloud_run_v2_job.job

  name     = each.value.name
  location = each.value.location
  role     = "roles/run.developer"
  members  = local.pipelines
}
