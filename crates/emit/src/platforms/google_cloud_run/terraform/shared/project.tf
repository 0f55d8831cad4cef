resource "google_project_service" "api" {
  for_each = var.apis

  service            = each.key
  disable_on_destroy = false
}
