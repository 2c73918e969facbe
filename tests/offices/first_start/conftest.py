from tests.offices.sign_in.conftest import mail_server, work_off  # noqa: F401
