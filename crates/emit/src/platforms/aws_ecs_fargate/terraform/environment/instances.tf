variable "instances" {
  description = "Tasks of each service that always runs, at least."
  type        = map(number)
}
