locals {
   name = "tasks"
  long_name = "tasks-production"
}
