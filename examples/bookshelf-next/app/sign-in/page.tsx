import { signIn } from "@/app/actions";

export default function SignIn() {
  return (
    <form action={signIn}>
      <label>
        Your name <input name="name" required maxLength={50} />
      </label>
      <button>Sign in</button>
    </form>
  );
}
