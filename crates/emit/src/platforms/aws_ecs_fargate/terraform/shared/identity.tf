# The pipeline signs in with the token that its host makes for each job. No key of this account is stored anywhere.
# The build job gets this role, which pushes images and nothing else; each environment has a role of its own.

# An account trusts a host once. Where another application has made this already, import it:
# terraform import aws_iam_openid_connect_provider.code_host ARN
resource "aws_iam_openid_connect_provider" "code_host" {
  url            = local.issuer
  client_id_list = [local.audience]
}

data "aws_iam_policy_document" "build_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.code_host.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${trimprefix(local.issuer, "https://")}:aud"
      values   = [local.audience]
    }

    condition {
      test     = "StringLike"
      variable = "${trimprefix(local.issuer, "https://")}:sub"
      values   = [local.build_subject]
    }
  }
}

resource "aws_iam_role" "build" {
  name                 = "${var.application}-build"
  description          = "Pushes images of ${var.application} from its pipeline."
  assume_role_policy   = data.aws_iam_policy_document.build_trust.json
  max_session_duration = 3600
}

data "aws_iam_policy_document" "build" {
  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [for repository in aws_ecr_repository.image : repository.arn]
  }
}

resource "aws_iam_role_policy" "build" {
  name   = "push"
  role   = aws_iam_role.build.id
  policy = data.aws_iam_policy_document.build.json
}

output "AWS_ROLE_ARN" {
  description = "Variable of the CI host without an environment: the role of the build job."
  value       = aws_iam_role.build.arn
}
