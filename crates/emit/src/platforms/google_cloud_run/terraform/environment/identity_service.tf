resource "google_cloud_run_v2_service_iam_binding" "pipeline" {
  for_each = google_cloud_run_v2_service.http

  name     = each.value.name
  location = each.value.location
  role     = "roles/run.developer"
  members  = local.pipelines
}
