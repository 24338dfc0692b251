"""What Django asks of a password, with sentences that say what to do."""

from django.contrib.auth import password_validation


class NotLikeThePerson(password_validation.UserAttributeSimilarityValidator):
    """Of what Django compares, a person here has the email address alone."""

    def get_error_message(self) -> str:
        return "Choose a password that is less like your email address"


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Choose a password of {self.min_length} characters or more"


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Choose a password that few people use: three words that belong together only for you are good"
